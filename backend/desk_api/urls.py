from django.urls import path

from . import (
    analysis_views,
    audit_views,
    conduct_views,
    design_views,
    outside_views,
    reopening_views,
    supplement_views,
    views,
)

app_name = "desk"
urlpatterns = [
    path("studies", views.StudiesView.as_view(), name="studies"),
    path("studies/<slug:slug>", views.StudyView.as_view(), name="study"),
    path("studies/<slug:slug>/progress", views.ProgressView.as_view(), name="progress"),
    path("studies/<slug:slug>/cases", views.CasesView.as_view(), name="cases"),
    path("studies/<slug:slug>/jobs", views.JobsView.as_view(), name="jobs"),
    path("studies/<slug:slug>/predictions", views.PredictionsView.as_view(), name="predictions"),
    path("studies/<slug:slug>/freeze", conduct_views.FreezeView.as_view(), name="freeze"),
    path("studies/<slug:slug>/protocol.pdf", conduct_views.ProtocolPdfView.as_view(), name="protocol-pdf"),
    path("studies/<slug:slug>/versions", conduct_views.VersionsView.as_view(), name="versions"),
    path("studies/<slug:slug>/amendments", conduct_views.AmendmentsView.as_view(), name="amendments"),
    path(
        "studies/<slug:slug>/amendments/preview",
        conduct_views.AmendmentPreviewView.as_view(),
        name="amendment-preview",
    ),
    path("studies/<slug:slug>/members", conduct_views.MembersView.as_view(), name="members"),
    path(
        "studies/<slug:slug>/members/<uuid:member_id>/withdraw",
        conduct_views.WithdrawView.as_view(),
        name="member-withdraw",
    ),
    path(
        "studies/<slug:slug>/members/<uuid:member_id>/replace",
        conduct_views.ReplaceView.as_view(),
        name="member-replace",
    ),
    path(
        "studies/<slug:slug>/members/<uuid:member_id>/override-washout",
        conduct_views.WashoutOverrideView.as_view(),
        name="member-override-washout",
    ),
    path("studies/<slug:slug>/deviations", conduct_views.DeviationsView.as_view(), name="deviations"),
    path("studies/<slug:slug>/lock/request", conduct_views.LockRequestView.as_view(), name="lock-request"),
    path("studies/<slug:slug>/lock/withdraw", conduct_views.LockWithdrawView.as_view(), name="lock-withdraw"),
    path("studies/<slug:slug>/lock/confirm", conduct_views.LockConfirmView.as_view(), name="lock-confirm"),
    path("studies/<slug:slug>/unblind", conduct_views.UnblindView.as_view(), name="unblind"),
    path(
        "studies/<slug:slug>/unblind/<str:number>",
        conduct_views.UnblindedCaseView.as_view(),
        name="unblinded-case",
    ),
    path("studies/<slug:slug>/results", views.ResultsView.as_view(), name="results"),
    path("studies/<slug:slug>/results/files/<str:name>", views.ResultFileView.as_view(), name="result-file"),
    path("studies/<slug:slug>/analysis", analysis_views.AnalysisRunsView.as_view(), name="analysis"),
    path(
        "studies/<slug:slug>/analysis/<uuid:run_id>/report",
        analysis_views.AnalysisReportView.as_view(),
        name="analysis-report",
    ),
    path(
        "studies/<slug:slug>/analysis/<uuid:run_id>/results",
        analysis_views.AnalysisResultsView.as_view(),
        name="analysis-results",
    ),
    path(
        "studies/<slug:slug>/analysis/<uuid:run_id>/files",
        analysis_views.AnalysisFilesView.as_view(),
        name="analysis-files",
    ),
    path(
        "studies/<slug:slug>/analysis/<uuid:run_id>/files/<path:path>",
        analysis_views.AnalysisFileView.as_view(),
        name="analysis-file",
    ),
    path(
        "studies/<slug:slug>/analysis/supplements",
        supplement_views.SupplementsView.as_view(),
        name="supplements",
    ),
    path("analyses", outside_views.OutsideDatasetsView.as_view(), name="outside-datasets"),
    path("analyses/<uuid:dataset_id>", outside_views.OutsideDatasetView.as_view(), name="outside-dataset"),
    path(
        "analyses/<uuid:dataset_id>/analysis",
        outside_views.OutsideRunsView.as_view(),
        name="outside-analysis",
    ),
    path(
        "analyses/<uuid:dataset_id>/analysis/<uuid:run_id>/report",
        outside_views.OutsideReportView.as_view(),
        name="outside-report",
    ),
    path(
        "analyses/<uuid:dataset_id>/analysis/<uuid:run_id>/results",
        outside_views.OutsideResultsView.as_view(),
        name="outside-results",
    ),
    path(
        "analyses/<uuid:dataset_id>/analysis/<uuid:run_id>/files",
        outside_views.OutsideFilesView.as_view(),
        name="outside-files",
    ),
    path(
        "analyses/<uuid:dataset_id>/analysis/<uuid:run_id>/files/<path:path>",
        outside_views.OutsideFileView.as_view(),
        name="outside-file",
    ),
    path("studies/<slug:slug>/audit", audit_views.AuditView.as_view(), name="audit"),
    path(
        "studies/<slug:slug>/audit/verification",
        audit_views.AuditVerificationView.as_view(),
        name="audit-verification",
    ),
    path("studies/<slug:slug>/audit/export", audit_views.AuditExportView.as_view(), name="audit-export"),
    path("templates", design_views.TemplatesView.as_view(), name="templates"),
    path("new-study", design_views.NewStudyView.as_view(), name="new-study"),
    path("studies/<slug:slug>/protocol", design_views.ProtocolView.as_view(), name="protocol"),
    path(
        "studies/<slug:slug>/design/summary", design_views.DesignSummaryView.as_view(), name="design-summary"
    ),
    path(
        "studies/<slug:slug>/design/pattern", design_views.DesignPatternView.as_view(), name="design-pattern"
    ),
    path(
        "studies/<slug:slug>/design/candidates",
        design_views.CandidatesView.as_view(),
        name="design-candidates",
    ),
    path("studies/<slug:slug>/design/cases", design_views.DesignCasesView.as_view(), name="design-cases"),
    path(
        "studies/<slug:slug>/design/cases/<str:number>",
        design_views.DesignCaseView.as_view(),
        name="design-case",
    ),
    path("studies/<slug:slug>/reopenings", reopening_views.ReopeningsView.as_view(), name="reopenings"),
    path(
        "studies/<slug:slug>/reopenings/<uuid:reopening_id>/grant",
        reopening_views.GrantView.as_view(),
        name="reopening-grant",
    ),
    path(
        "studies/<slug:slug>/reopenings/<uuid:reopening_id>/refuse",
        reopening_views.RefuseView.as_view(),
        name="reopening-refuse",
    ),
]

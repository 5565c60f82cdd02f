from django.urls import path

from . import design_views, reopening_views, views

app_name = "desk"
urlpatterns = [
    path("studies", views.StudiesView.as_view(), name="studies"),
    path("studies/<slug:slug>", views.StudyView.as_view(), name="study"),
    path("studies/<slug:slug>/progress", views.ProgressView.as_view(), name="progress"),
    path("studies/<slug:slug>/cases", views.CasesView.as_view(), name="cases"),
    path("studies/<slug:slug>/jobs", views.JobsView.as_view(), name="jobs"),
    path("studies/<slug:slug>/predictions", views.PredictionsView.as_view(), name="predictions"),
    path("studies/<slug:slug>/freeze", views.FreezeView.as_view(), name="freeze"),
    path("studies/<slug:slug>/lock", views.LockView.as_view(), name="lock"),
    path("studies/<slug:slug>/results", views.ResultsView.as_view(), name="results"),
    path("studies/<slug:slug>/results/files/<str:name>", views.ResultFileView.as_view(), name="result-file"),
    path("studies/<slug:slug>/audit", views.AuditView.as_view(), name="audit"),
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

from django.urls import path

from . import views

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
]

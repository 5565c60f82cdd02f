from django.urls import path

from . import views

app_name = "account"
urlpatterns = [
    path("me", views.MeView.as_view(), name="me"),
    path("sign-in", views.SignInView.as_view(), name="sign-in"),
    path("sign-out", views.SignOutView.as_view(), name="sign-out"),
    path("viewer-preferences", views.ViewerPreferencesView.as_view(), name="viewer-preferences"),
]

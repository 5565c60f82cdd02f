from django.urls import path

from . import views

app_name = "adjudicator"
urlpatterns = [
    path("studies", views.StudiesView.as_view(), name="studies"),
    path("studies/<slug:slug>/worklist", views.WorklistView.as_view(), name="worklist"),
    path("studies/<slug:slug>/next", views.NextView.as_view(), name="next"),
    path("items/<uuid:item_id>", views.ItemView.as_view(), name="item"),
    path("items/<uuid:item_id>/series/<int:index>/metadata", views.MetadataView.as_view(), name="metadata"),
    path(
        "items/<uuid:item_id>/series/<int:index>/frames/<int:frame>", views.FrameView.as_view(), name="frame"
    ),
    path("items/<uuid:item_id>/draft", views.DraftView.as_view(), name="draft"),
    path("items/<uuid:item_id>/settle", views.SettleView.as_view(), name="settle"),
]

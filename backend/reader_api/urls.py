from django.urls import path

from . import flow_views, views

app_name = "reader"
urlpatterns = [
    path("studies/<slug:slug>/worklist", views.WorklistView.as_view(), name="worklist"),
    path("studies/<slug:slug>/upcoming", views.UpcomingView.as_view(), name="upcoming"),
    path("studies/<slug:slug>/next", views.NextView.as_view(), name="next"),
    path("studies/<slug:slug>/sessions/<int:ordinal>/sign", flow_views.SignView.as_view(), name="sign"),
    path("reads/<uuid:read_id>", views.ReadView.as_view(), name="read"),
    path("reads/<uuid:read_id>/series/<int:index>/metadata", views.MetadataView.as_view(), name="metadata"),
    path(
        "reads/<uuid:read_id>/series/<int:index>/frames/<int:frame>", views.FrameView.as_view(), name="frame"
    ),
    path("reads/<uuid:read_id>/draft", views.DraftView.as_view(), name="draft"),
    path("reads/<uuid:read_id>/submit", views.SubmitView.as_view(), name="submit"),
    path("reads/<uuid:read_id>/feedback", flow_views.FeedbackView.as_view(), name="feedback"),
    path(
        "reads/<uuid:read_id>/correction-request",
        flow_views.CorrectionRequestView.as_view(),
        name="correction-request",
    ),
    path("reads/<uuid:read_id>/correction", flow_views.CorrectionView.as_view(), name="correction"),
    path("reads/<uuid:read_id>/aid", views.AidView.as_view(), name="aid"),
    path(
        "reads/<uuid:read_id>/aid/overlays/<str:overlay>", views.AidOverlayView.as_view(), name="aid-overlay"
    ),
]

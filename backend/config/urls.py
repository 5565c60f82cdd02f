from django.contrib import admin
from django.urls import include, path, re_path
from django.views.generic import RedirectView

from .shell import health, no_such_route, shell

urlpatterns = [
    path("healthz", health, name="health"),
    # One way in: the product's sign-in counts attempts, the admin's own does not.
    path("admin/login/", RedirectView.as_view(url="/sign-in"), name="admin-login"),
    path("admin/", admin.site.urls),
    path("api/account/", include("backend.account_api.urls")),
    path("api/reader/", include("backend.reader_api.urls")),
    path("api/adjudicator/", include("backend.adjudicator_api.urls")),
    path("api/desk/", include("backend.desk_api.urls")),
    re_path(r"^api/(?P<rest>.*)$", no_such_route, name="no-such-route"),
    re_path(r"^(?!static/|media/).*$", shell, name="shell"),
]

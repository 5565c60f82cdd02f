import gc
import os

from django.core.wsgi import get_wsgi_application
from django.urls import get_resolver

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "backend.config.settings.dev")
application = get_wsgi_application()
# What every request needs is loaded now and never looked through for garbage again: one such look took 100 to 200 ms
# out of some reader's request.
get_resolver().url_patterns  # noqa: B018  (read for its imports)
gc.collect()
gc.freeze()

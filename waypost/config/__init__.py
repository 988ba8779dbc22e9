"""Settings, urls, wsgi and asgi: the only place that knows every room."""

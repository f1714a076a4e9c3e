"""What may be read of accounts."""

from feigong.apps.accounts.queries.views import views_of

__all__ = ["views_of"]

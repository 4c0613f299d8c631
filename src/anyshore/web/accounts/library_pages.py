"""The pages of django-allauth that are shown here: second factors, confirming, and identities of elsewhere.

Chosen one by one: signing up, changing the address and resetting a password by mail have no address here.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps

from allauth.account.views import reauthenticate
from allauth.mfa.base import views as base
from allauth.mfa.recovery_codes import views as recovery
from allauth.mfa.totp import views as totp
from allauth.mfa.webauthn import views as webauthn
from allauth.socialaccount.providers.openid_connect import views as oidc
from allauth.socialaccount.providers.saml import views as saml
from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import path

from anyshore.web.accounts import pages
from anyshore.web.accounts.identities import SAML


def of_known(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Keeps what is sent in the name of a provider nobody set up from being kept in a session first."""

    @wraps(view)
    def known(request: HttpRequest, organization_slug: str) -> HttpResponse:
        if organization_slug not in {one.key for one in settings.IDENTITIES if one.kind == SAML}:
            raise Http404
        return view(request, organization_slug)

    return known


urlpatterns = [
    # The names by which the library finds our own pages.
    path("sign-in/", pages.sign_in, name="account_login"),
    path("sign-out/", pages.sign_out, name="account_logout"),
    path("account/confirm/", reauthenticate, name="account_reauthenticate"),
    path("account/factors/", base.index, name="mfa_index"),
    path("account/factors/code/", base.authenticate, name="mfa_authenticate"),
    path("account/factors/confirm/", base.reauthenticate, name="mfa_reauthenticate"),
    path("account/factors/app/", totp.activate_totp, name="mfa_activate_totp"),
    path("account/factors/app/end/", totp.deactivate_totp, name="mfa_deactivate_totp"),
    path("account/factors/codes/", recovery.view_recovery_codes, name="mfa_view_recovery_codes"),
    path("account/factors/codes/new/", recovery.generate_recovery_codes, name="mfa_generate_recovery_codes"),
    path("account/factors/codes/file/", recovery.download_recovery_codes, name="mfa_download_recovery_codes"),
    path("account/factors/keys/", webauthn.list_webauthn, name="mfa_list_webauthn"),
    path("account/factors/keys/add/", webauthn.add_webauthn, name="mfa_add_webauthn"),
    path("account/factors/keys/confirm/", webauthn.reauthenticate_webauthn, name="mfa_reauthenticate_webauthn"),
    path("account/factors/keys/<int:pk>/remove/", webauthn.remove_webauthn, name="mfa_remove_webauthn"),
    path("account/factors/keys/<int:pk>/edit/", webauthn.edit_webauthn, name="mfa_edit_webauthn"),
    path("sign-in/key/", webauthn.login_webauthn, name="mfa_login_webauthn"),
    path("sign-in/oidc/<slug:provider_id>/", oidc.login, name="openid_connect_login"),
    path("sign-in/oidc/<slug:provider_id>/back/", oidc.callback, name="openid_connect_callback"),
    path("sign-in/saml/<slug:organization_slug>/", saml.login, name="saml_login"),
    path("sign-in/saml/<slug:organization_slug>/acs/", of_known(saml.acs), name="saml_acs"),
    path("sign-in/saml/<slug:organization_slug>/acs/finish/", saml.finish_acs, name="saml_finish_acs"),
    path("sign-in/saml/<slug:organization_slug>/sls/", saml.sls, name="saml_sls"),
    path("sign-in/saml/<slug:organization_slug>/metadata/", saml.metadata, name="saml_metadata"),
    path("sign-in/cancelled/", pages.cancelled, name="socialaccount_login_cancelled"),
]

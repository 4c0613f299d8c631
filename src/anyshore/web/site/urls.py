"""All addresses."""

from __future__ import annotations

from django.urls import include, path

from anyshore.web.site.api import api

urlpatterns = [
    path("", include("anyshore.web.home.pages")),
    path("", include("anyshore.web.core.pages")),
    path("", include("anyshore.web.accounts.pages")),
    path("", include("anyshore.web.accounts.link_pages")),
    path("", include("anyshore.web.accounts.people_pages")),
    path("", include("anyshore.web.accounts.library_pages")),
    path("", include("anyshore.web.work.pages")),
    path("", include("anyshore.web.work.desk_pages")),
    path("", include("anyshore.web.work.conflict_pages")),
    path("", include("anyshore.web.cases.pages")),
    path("", include("anyshore.web.cases.expert_pages")),
    path("", include("anyshore.web.cases.source_pages")),
    path("", include("anyshore.web.cases.sheet_pages")),
    path("", include("anyshore.web.intake.pages")),
    path("", include("anyshore.web.intake.channel_pages")),
    path("", include("anyshore.web.intake.batch_pages")),
    path("", include("anyshore.web.intake.leaving_pages")),
    path("", include("anyshore.web.engagements.pages")),
    path("", include("anyshore.web.engagements.settling_pages")),
    path("", include("anyshore.web.engagements.tab_pages")),
    path("", include("anyshore.web.engagements.dashboard_pages")),
    path("", include("anyshore.web.engagements.benefits_pages")),
    path("", include("anyshore.web.portfolio.pages")),
    path("", include("anyshore.web.portfolio.comparison_pages")),
    path("", include("anyshore.web.portfolio.entering_pages")),
    path("", include("anyshore.web.portfolio.evidence_pages")),
    path("", include("anyshore.web.library.draft_pages")),
    path("", include("anyshore.web.library.pages")),
    path("", include("anyshore.web.operations.pages")),
    path("", include("anyshore.web.forecasts.pages")),
    path("", include("anyshore.web.screening.pages")),
    path("", include("anyshore.web.screening.interest_pages")),
    path("", include("anyshore.web.discovery.pages")),
    path("", include("anyshore.web.review.pages")),
    path("", include("anyshore.web.staffing.pages")),
    path("", include("anyshore.web.learning.pages")),
    path("", include("anyshore.web.learning.own_pages")),
    path("", include("anyshore.web.learning.item_pages")),
    path("", include("anyshore.web.learning.check_pages")),
    path("", include("anyshore.web.talk.pages")),
    path("api/", api.urls),
]
handler400 = "anyshore.web.site.problems.bad_request"
handler403 = "anyshore.web.site.problems.forbidden"
handler404 = "anyshore.web.site.problems.not_found"
handler500 = "anyshore.web.site.problems.server_error"

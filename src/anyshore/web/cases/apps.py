"""The app as Django knows it."""

from django.apps import AppConfig


class CasesConfig(AppConfig):
    """Processes and cases, and what experts do with them."""

    name = "anyshore.web.cases"
    label = "cases"

    def ready(self) -> None:
        """Lets a work item be a signature, and puts findings beside the others."""
        from anyshore.web.cases import beside, signing  # the tables are there only now
        from anyshore.web.work import acts, evidence

        acts.ACTS[signing.SIGN] = signing.ACT
        evidence.PARTS["case"] = beside.PART

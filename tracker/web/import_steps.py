"""The words for what was done to the drafts of an import and can be taken back."""

from tracker.language import N_, _
from tracker.models import ImportStep

_STEPS = {
    "split": N_("%(about)s was split"),
    "joined": N_("%(about)s were joined"),
    "corrected": N_("%(about)s was corrected"),
    "dropped": N_("%(about)s was left out"),
    "restored": N_("%(about)s was put back"),
    "addressed": N_("names or addressees were said for several drafts"),
    "looked": N_("a doubt about the document was settled"),
}


def told(step: ImportStep) -> str:
    """What a step did, in the language in use."""
    about = ", ".join(_("line %(line)s", line=one[1:]) if one[:1] == "#" else one for one in step.about.split(", "))
    return _(_STEPS[step.what], about=about)

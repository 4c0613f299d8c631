"""ASReview's own simulation, run by a Python of its own: JSON in (documents, labels, priors per run), JSON out.

No more is imported than ASReview and what it brings: this file is run outside the project's environment.
"""

from __future__ import annotations

import json
import math
import sys


def main() -> None:
    """Writes the place at which 95 % of the relevant documents are found, for each run's priors."""
    import numpy as np
    import pandas as pd
    from asreview import ActiveLearningCycle, Simulate
    from asreview.models.models import get_ai_config

    given = json.load(sys.stdin)
    documents = pd.DataFrame({"title": given["titles"], "abstract": given["abstracts"]})
    labels = np.array(given["labels"])
    cycle = ActiveLearningCycle.from_meta(get_ai_config("elas_u4")["value"])
    features = cycle.transform(documents)
    wanted = math.ceil(round(0.95 * labels.sum(), 9))

    class Found:
        """Ends where the recall is reached."""

        def stop(self, results: pd.DataFrame, data: object) -> bool:
            return int(results["label"].sum()) >= wanted

    places = []
    for priors in given["priors"]:
        cycle = ActiveLearningCycle.from_meta(get_ai_config("elas_u4")["value"])
        run = Simulate(features, labels, cycle, stopper=Found(), skip_transform=True, print_progress=False)
        run.label(priors)
        run.review()
        places.append(len(run._results))
    json.dump(places, sys.stdout)


main()

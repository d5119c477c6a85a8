"""Who works there. Invented names; registration numbers begin with S99, which the association never issued."""

from dataclasses import dataclass

import numpy as np

from bihuan.sim.population.names import full_names, phones
from bihuan.sim.population.places import BRANCHES, REGIONS, Branch, Region

ADVISORS_PER_BRANCH = 5


@dataclass(frozen=True)
class Person:
    """One member of staff. `branch` and `region` are codes, empty at headquarters.

    Only who has a `registration_number` is a registered investment advisor (投顾) and may give advice.
    """

    code: str
    name: str
    login: str
    role: str
    branch: str = ""
    region: str = ""
    registration_number: str = ""
    phone: str = ""


@dataclass(frozen=True)
class Brokerage:
    """Regions, branches and staff of the demo."""

    regions: tuple[Region, ...]
    branches: tuple[Branch, ...]
    staff: tuple[Person, ...]

    def having(self, role: str) -> list[Person]:
        """All staff of one role, in the order of their codes."""
        return [person for person in self.staff if person.role == role]


# Posts at headquarters and how many of each; every role of the product has somebody.
HEADQUARTERS = (
    ("operator", 3),
    ("supervisor", 2),
    ("service_agent", 4),
    ("witness", 4),
    ("compliance", 2),
    ("engineer", 1),
)


def brokerage(seed: int) -> Brokerage:
    """The same people for the same seed: 60 advisors, a manager for each branch and region, headquarters."""
    posts: list[tuple[str, str, str, str]] = []  # login, role, branch, region
    for role, count in HEADQUARTERS:
        posts += [(f"{role.replace('_', '-')}{n + 1}", role, "", "") for n in range(count)]
    posts += [(f"region-{r.code.lower()}", "region_manager", "", r.code) for r in REGIONS]
    for branch in BRANCHES:
        code = branch.code.lower()
        posts.append((f"manager-{code}", "branch_manager", branch.code, branch.region))
        posts += [
            (f"advisor-{code}-{n + 1}", "advisor", branch.code, branch.region) for n in range(ADVISORS_PER_BRANCH)
        ]
    rng = np.random.default_rng([seed, 1])
    names = full_names(rng.random(len(posts)) < 0.5, rng)
    numbers = phones(np.arange(90_000_000, 90_000_000 + len(posts)))
    # Three of five in each branch are registered; the last two are account managers who may inform only.
    staff = tuple(
        Person(
            code=f"S{1001 + i}",
            name=str(names[i]),
            login=login,
            role=role,
            branch=branch,
            region=region,
            registration_number=f"S99{seed % 1000:03d}{i:08d}" if role == "advisor" and login[-1] in "123" else "",
            phone=str(numbers[i]),
        )
        for i, (login, role, branch, region) in enumerate(posts)
    )
    return Brokerage(REGIONS, BRANCHES, staff)

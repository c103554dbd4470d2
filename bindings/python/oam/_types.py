"""Plain types that the compiled module hands out."""
from typing import NamedTuple


class Target(NamedTuple):
    """Where a step acts: `cluster` is empty for the host's own, `namespace` for what stands outside of one."""

    cluster: str
    namespace: str

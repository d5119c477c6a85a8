"""Reads the runtime dependencies from requirements.in, so that they stand in one place."""

from pathlib import Path

from hatchling.metadata.plugin.interface import MetadataHookInterface


class RequirementsHook(MetadataHookInterface):
    """Fills `dependencies` of the project's metadata with the lines of requirements.in."""

    def update(self, metadata: dict) -> None:  # type: ignore[type-arg]
        lines = Path(self.root, "requirements.in").read_text("utf-8").splitlines()
        metadata["dependencies"] = [line for line in map(str.strip, lines) if line and not line.startswith("#")]

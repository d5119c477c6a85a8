"""The only way into the collect room."""

from bihuan.collect.imports.files import Chunk
from bihuan.collect.imports.mapping import Mapping, read_mapping
from bihuan.collect.imports.repository import imports as latest_imports
from bihuan.collect.imports.service import Imported, Progress, Sink, Written, run_import
from bihuan.collect.imports.sinks import events_sink, flows_sink, trades_sink
from bihuan.collect.intake.committer import Committer
from bihuan.collect.intake.endpoints import KeyCache
from bihuan.collect.intake.endpoints import mount as mount_tracking
from bihuan.collect.intake.service import Intake, tell
from bihuan.collect.quarantine.repository import counts as quarantine_counts

__all__ = [
    "Chunk",
    "Committer",
    "Imported",
    "Intake",
    "KeyCache",
    "Mapping",
    "Progress",
    "Sink",
    "Written",
    "events_sink",
    "flows_sink",
    "latest_imports",
    "mount_tracking",
    "quarantine_counts",
    "read_mapping",
    "run_import",
    "tell",
    "trades_sink",
]

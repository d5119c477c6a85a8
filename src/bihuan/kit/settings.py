"""Every setting of the product, in one class; `bihuan settings` prints them with their source."""

import os
from pathlib import Path

from pydantic import Field, SecretStr
from pydantic_settings import BaseSettings, SettingsConfigDict


class Settings(BaseSettings):
    """Read from the environment with the prefix `BIHUAN_`; every field has a default that works on one machine."""

    model_config = SettingsConfigDict(env_prefix="BIHUAN_", extra="ignore")

    data: Path = Field(Path("data"), description="folder that holds the embedded engines, files, secrets and logs")
    host: str = Field("127.0.0.1", description="address the server listens on")
    port: int = Field(8321, description="port the server listens on; 0 takes a free one")
    public_url: str = Field("", description="address customers and staff reach the server at; empty: host and port")
    app_url: str = Field(
        "", description="where the firm's own app opens /open/APPLICATION/STEP, for links in messages; empty: here"
    )
    postgres_url: str = Field("", description="PostgreSQL >= 15 to use instead of the embedded one")
    clickhouse_url: str = Field("", description="ClickHouse HTTP address to use instead of the embedded one")
    files_url: str = Field("", description="s3://bucket/prefix to keep files in instead of the data folder")
    demo: bool = Field(False, description="demo mode: demo accounts and the demo customer app exist")
    workers: int = Field(1, ge=1, le=64, description="worker processes that `bihuan up` starts")
    lanes: int = Field(2, ge=1, le=64, description="lanes of the log, fixed when the database is made")
    secure_cookies: bool | None = Field(
        None, description="Secure flag on session cookies; unset: on, except when served from localhost"
    )
    session_hours: int = Field(12, ge=1, description="a staff session ends after so many hours without use")
    event_max_bytes: int = Field(32 * 1024, description="largest tracked event; larger ones go to quarantine")
    batch_max_bytes: int = Field(4_000 * 1024, description="largest tracked body after unzipping; 413 above")
    body_max_bytes: int = Field(1024 * 1024, description="largest body of any other call; 413 above")
    future_limit_hours: int = Field(24, description="an event time further ahead is set back to its arrival")
    skew_seconds: int = Field(60, description="a device's clock is corrected when it is off by more than this")
    batch_max_events: int = Field(2500, description="most events in one tracked batch; the rest is refused with 413")
    intake_group_ms: float = Field(5.0, description="how long intake gathers requests into one commit")
    intake_queue_events: int = Field(50_000, description="events waiting for commit before intake answers 503")
    reaction_batch: int = Field(1000, ge=1, description="log entries a lane reads at once")
    reaction_gather_ms: float = Field(25.0, description="how long a lane gathers entries before it reads them")
    ship_batch: int = Field(20_000, ge=1, description="log entries shipped to ClickHouse at once")
    ship_interval_s: float = Field(0.5, description="real seconds between two shipments")
    log_keep_days: int = Field(7, ge=1, description="days a shipped log partition stays in PostgreSQL")
    query_seconds: float = Field(30.0, description="longest analytical query")
    query_memory_mb: int = Field(2000, description="most memory of one analytical query")
    query_threads: int = Field(2, description="threads of one analytical query")
    sign_in_attempts: int = Field(
        5, description="failed sign-ins per login and address before a pause; four times as many from anywhere"
    )
    sign_in_pause_s: int = Field(300, description="real seconds of that pause")
    key: SecretStr | None = Field(
        None, description="master key (base64, 32 bytes) for sensitive fields; unset: made in the data folder"
    )
    sms_url: str = Field("", description="address of the SMS gateway; empty: no text message is sent")
    sms_secret: SecretStr = Field(SecretStr(""), description="secret shared with the SMS gateway for signatures")
    log_level: str = Field("INFO", description="lowest level of log lines")


def describe(settings: Settings) -> list[dict[str, str]]:
    """Each setting with its value (secrets hidden), where it came from and what it means."""
    table = []
    for name, field in Settings.model_fields.items():
        value = getattr(settings, name)
        variable = f"BIHUAN_{name.upper()}"
        table.append(
            {
                "name": name,
                "value": "**********" if isinstance(value, SecretStr) and value.get_secret_value() else str(value),
                "source": f"environment {variable}" if variable in os.environ else _source(settings, name),
                "description": field.description or "",
            }
        )
    return table


def _source(settings: Settings, name: str) -> str:
    return "command line" if name in settings.model_fields_set else "default"

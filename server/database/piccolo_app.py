"""Podium as a Piccolo app: its tables and its migrations."""

from pathlib import Path

from piccolo.conf.apps import AppConfig

from server.database.tables import ALL

APP_CONFIG = AppConfig(
    app_name="podium",
    migrations_folder_path=str(Path(__file__).parent / "migrations"),
    table_classes=list(ALL),
)

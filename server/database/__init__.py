"""The world's memory: one PostgreSQL, embedded on a laptop or a cluster for a province.

Piccolo finds its configuration through PICCOLO_CONF, so it is named here, before any table is imported.
"""

import os

os.environ.setdefault("PICCOLO_CONF", "server.database.piccolo_conf")

"""The experiment a fresh installation starts with."""

import json
from datetime import UTC, datetime
from typing import Any

RESCUE = "opening-rescue"

# A message alone loses the customer, a person must turn up, said one firm of its rescues, before and after and without
# a control group. This asks it with one.
EXPERIMENTS: list[dict[str, Any]] = [
    {
        "key": RESCUE,
        "version": 1,
        "name_zh": "开户断点挽回",
        "name_en": "Opening rescue",
        "question_zh": "开户卡住的客户，先由人联系是否比只发消息更能完成开户？",
        "question_en": "Do stuck applicants complete more often when a person turns up first than with a message only?",
        "unit": "customer",
        "salt": "opening-rescue-1",
        "arms": json.dumps({"control": 0.2, "message": 0.4, "person": 0.4}),
        "control": "control",
        "otherwise": "person",
        "status": "running",
        "started_at": datetime(1970, 1, 1, tzinfo=UTC),
        "edited_by": "installation",
    }
]

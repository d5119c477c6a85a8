"""Second-person approvals: what one proposes, another with the permission decides."""

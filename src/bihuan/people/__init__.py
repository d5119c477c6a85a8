"""People (组织人员): staff, branches, doors.

In: sign-ins, keys, tokens. Out: who is calling, what he may do, which rows he may see. It owns regions,
branches, staff, sessions, keys and approvals.
"""

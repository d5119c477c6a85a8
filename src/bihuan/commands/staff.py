"""`bihuan staff`: the first people of a fresh product, and a way in when nobody else is left to give a password."""

import argparse
import asyncio

from bihuan.commands.running import house_of, set_up_logging, settings_for
from bihuan.kit.errors import Invalid, NotFound
from bihuan.kit.postgres import Tx
from bihuan.people import facade as people

_ACTOR = "command line"


def add(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """The arguments of this command."""
    staff = commands.add_parser("staff", help="add a person, or give one a new password")
    staff.add_argument("action", choices=("add", "password", "list"))
    staff.add_argument("--login", help="what the person signs in with")
    staff.add_argument("--name", help="the person's name")
    staff.add_argument("--role", action="append", default=[], help=f"one of {', '.join(people.Role)} (repeatable)")
    staff.add_argument("--branch", help="code of the person's branch")
    staff.add_argument("--region", help="code of the person's region")
    staff.set_defaults(
        run=lambda args: asyncio.run(_staff(args)),
        example="bihuan staff add --login wang --name 王芳 --role operator --data /srv/bihuan",
    )


async def _staff(args: argparse.Namespace) -> int:
    set_up_logging("WARNING")
    if args.action != "list" and not args.login:
        raise Invalid("staff", "Say who with --login.")
    async with house_of(settings_for(args.data)) as house, house.postgres.transaction() as tx:
        if args.action == "list":
            for person in await people.all_staff(tx):
                state = "" if person.active else "  has left"
                print(f"{person.login:<24}  {person.name:<12}  {', '.join(person.roles)}{state}")
            return 0
        if args.action == "add":
            if not args.name or not args.role:
                raise Invalid("staff", "Give the new person a --name and at least one --role.")
            person = await people.add_staff(tx, await _given(tx, args), _ACTOR, house.clock.now())
        else:
            found = await people.staff_by_login(tx, args.login)
            if found is None:
                raise NotFound("staff", f"Nobody who works here has the login {args.login}; see `bihuan staff list`.")
            person = found
        password = await people.give_password(tx, person.id, _ACTOR, house.clock.now())
    print(f"{person.login}: {password}\n(shown this once; the person changes it after signing in)")
    return 0


async def _given(tx: Tx, args: argparse.Namespace) -> dict[str, object]:
    branch = await people.branch_by_code(tx, args.branch) if args.branch else None
    region = next((r for r in await people.regions(tx) if r.code == args.region), None)
    if args.branch and branch is None:
        raise Invalid("staff", f"There is no branch {args.branch}: import branches first.")
    if args.region and region is None:
        raise Invalid("staff", f"There is no region {args.region}: import branches first.")
    return {
        "login": args.login.lower(),
        "name": args.name,
        "name_en": "",
        "roles": args.role,
        "branch_id": branch.id if branch else None,
        "region_id": region.id if region else None,
        "registration_number": None,
        "licensed": False,
        "staff_code": None,
    }

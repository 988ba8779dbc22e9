"""`waypost verify`: drives one whole verification against the running server, as everybody in it.

The main workflow is started and its forms are completed in process as the owner; the customer's
part goes over HTTP, through the mailed links, as a customer would; mails and texts are read from
the sandbox's inbox.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from waypost.cli.boot import with_database

if TYPE_CHECKING:
    from waypost.cli.verification import Choice


@click.command()
@click.option(
    "--phone", default="+15005550006", show_default=True, help="Number that gets the code."
)
@click.option(
    "--email", default="a@example.org", show_default=True, help="Address that gets the links."
)
@click.option("--name", default="Ann", show_default=True, help="Name of the customer.")
@click.option("--code", help="Enter this code in place of the one that was sent.")
@click.option("--wrong-code", is_flag=True, help="Enter a code that is not right, then confirm.")
@click.option("--notreceived", is_flag=True, help="Say that no code came, then confirm.")
def verify(
    phone: str, email: str, name: str, code: str | None, wrong_code: bool, notreceived: bool
) -> None:
    """Run one verification. Exits 0 when it was successful, else 1 with the reason."""
    with with_database():
        from waypost.cli.verification import Customer, Verification, VerificationFailed

        digits = phone.replace("+", "").replace(" ", "")
        customer = Customer(name, email.strip(), digits)
        try:
            outcome = Verification(
                customer, _choice(code, wrong_code, notreceived), click.echo
            ).run()
        except VerificationFailed as error:
            raise click.ClickException(str(error)) from error
        if outcome != "Successful":
            raise click.ClickException(f"Not verified: {outcome}.")
        click.echo("Successful")


def _choice(code: str | None, wrong_code: bool, notreceived: bool) -> Choice:
    if sum((code is not None, wrong_code, notreceived)) > 1:
        raise click.UsageError("Choose one of --code, --wrong-code and --notreceived.")
    if notreceived:
        return "NOTRECEIVED"
    return "wrong" if wrong_code else code

"""To whom a customer belongs: acquisition, service and contract, each dated, with shares."""

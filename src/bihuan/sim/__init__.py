"""A synthetic brokerage that drives Bihuan through its public API only.

In: a seed and, while live, the product's clock and what its API and gateway tell the people it plays. Out: files for
the public import, tracked events, step events of the firm's opening system, questions, staff at work, and
`truth.json`, which says what was true of all of it. It owns nothing in the product.
"""

"""Who and what there is: a seeded brokerage with staff, customers, accounts and sixty days behind them."""

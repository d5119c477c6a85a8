"""May this customer be offered this product: one pure gate, and what it needs to know."""

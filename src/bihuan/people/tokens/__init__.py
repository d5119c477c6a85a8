"""Customer tokens: signed by the firm's server, carried by its app and the chat widget."""

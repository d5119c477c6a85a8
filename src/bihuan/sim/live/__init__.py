"""The simulated people at work against a running Bihuan: everything here goes over HTTP and WebSocket."""

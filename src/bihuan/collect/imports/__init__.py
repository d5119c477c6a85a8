"""Files into the product: CSV (also gzipped) and Parquet by mapping, streamed, resumable, each row once for ever."""

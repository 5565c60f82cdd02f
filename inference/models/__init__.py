"""One module per model plug-in. Load them by name with `inference.contracts.load_plugin`."""

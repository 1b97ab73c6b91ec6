"""Ready-made models, as TOML files.

One file a model. Its key ``description`` (one or two sentences, at most 300 characters) says when to use it:
the Tune page and ``tierline models ready-made`` show it. A new file needs no further entry: its name is the
name that commands use, and the tests run it on the demo data.
"""

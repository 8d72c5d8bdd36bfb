"""The command line: one verb, one module. torch and Qt are imported only by the verbs that need them."""

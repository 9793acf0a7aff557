"""Opening files that people upload: in a process of its own, with limits, so that a hostile or broken file can only be refused."""

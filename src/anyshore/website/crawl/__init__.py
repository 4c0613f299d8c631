"""A crawl of a website: which address next, what a page holds, what is broken; who fetches is somebody else."""

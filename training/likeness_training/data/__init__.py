"""Photos in, memory-mapped arrays out: decoding, alignment, captions, styles."""

"""The venue: a hall without internet, where tablets need HTTPS all the same, because a browser keeps an app only from a trusted address."""

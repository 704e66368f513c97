UPDATE lane SET incarnation = incarnation + 1

SELECT lane, seq FROM lane

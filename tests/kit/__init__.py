"""What tests share: an endpoint, a peer, a terminal, pictures and videos to try things on."""

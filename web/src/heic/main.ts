/** The room of the second page: that of the first, with decoders of its own. */
import "./decoders";
import "../room/main";

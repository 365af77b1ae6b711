/** Fill the table of decoders; the room reads it as it opens. */
import { OWN_DECODERS } from "../room/decode";
import { decodeHeif } from "./libheif";
import { decodeJpeg } from "./mozjpeg";

OWN_DECODERS.HEIF = decodeHeif;
OWN_DECODERS.JPEG = decodeJpeg;

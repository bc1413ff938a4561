// The one place that imports mediabunny, with exactly what is used, so that the bundler can leave out the rest. It is
// itself only ever imported with `import()`: a chunk of its own, loaded with the first container file.
import { Logging, LogLevel } from 'mediabunny';

export {
  CustomSource,
  EncodedAudioPacketSource,
  EncodedPacketSink,
  Input,
  MATROSKA,
  MP4,
  Mp4OutputFormat,
  OGG,
  Output,
  QTFF,
  StreamTarget,
  WEBM,
  WebMOutputFormat,
} from 'mediabunny';

// What it finds odd in a file is no news for the extension host's console.
Logging.level = LogLevel.Silent;

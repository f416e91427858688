// run.mjs - answers of ONNX Runtime
//
//     node run.mjs FOLDER (MODEL X Y)...     FOLDER: where npm has installed onnxruntime-web; X, Y: rows of floats
//
// Prints a line for each model: the names of the input and the output.
import fs from "node:fs";
import { createRequire } from "node:module";

const [folder, ...files] = process.argv.slice(2);
const ort = createRequire(folder + "/")("onnxruntime-web");
ort.env.wasm.numThreads = 1;
for (let i = 0; i + 2 < files.length; i += 3) {
  const session = await ort.InferenceSession.create(fs.readFileSync(files[i]));
  const bytes = fs.readFileSync(files[i + 1]);
  const x = new Float32Array(bytes.buffer, bytes.byteOffset, bytes.length / 4);
  const [input, output] = [session.inputNames[0], session.outputNames[0]];
  const width = session.inputMetadata[0].shape[1];
  const answers = await session.run({ [input]: new ort.Tensor("float32", x, [x.length / width, width]) });
  const y = answers[output].data;
  fs.writeFileSync(files[i + 2], new Uint8Array(y.buffer, y.byteOffset, y.byteLength));
  console.log(input, output);
}

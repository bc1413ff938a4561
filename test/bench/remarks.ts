/** Why a figure is what it is, where that needs words, by the name of its row. */
export const remarks: Readonly<Record<string, string>> = {
  put: 'Ours takes the SHA-256 of the file when it has arrived, beside the job that goes on with it: half a second of processor time per GiB that the line need not wait for. Client, storage server and disk share the cores, so on two of them runs scatter by a tenth and more.',
  'clip-time':
    'A short file that is used whole is the one case where there is nothing to save: both clients send picture and sound side by side, and the line decides. Ours asks for both addresses with one request, for which the first waits a millisecond for the second, and writes the job down, flushed to the disk, before it uploads and again before it pays; that is what the difference is, and what "never lost, never bought twice" costs.',
  notice:
    'Of a run of 2 s the official client makes five requests, and an eighth of five is less than one: ours makes one, the fewest there can be. Longer runs are met with an eighth or fewer in the median; the first of a kind, of which only the published median is known, costs more and is given beside it.',
  memory: 'Pages are those of a whole VS Code; what else it does meanwhile is in the figure.',
};

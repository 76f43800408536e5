import Models
import Raster

/// Finds faces and five landmarks with the cascade of K. Zhang, Z. Zhang, Z. Li and Y. Qiao, "Joint Face Detection and
/// Alignment Using Multitask Cascaded Convolutional Networks" (2016).
///
/// P-Net proposes boxes on a pyramid of the picture, R-Net refuses most of them, O-Net refuses the rest, corrects the
/// box and places the landmarks. Faces turned up to about 40° in the picture's plane are found; beyond that more and
/// more are missed, or their landmarks are off by a quarter of the inter-ocular distance and more.
///
/// Coordinates are continuous: pixel *p* covers *p* ..< *p* + 1. The published code counts pixels from 1 and
/// includes both ends, so its box (x1, y1, x2, y2) is ours from (x1 − 1, y1 − 1) to (x2, y2), its width x2 − x1 + 1 is
/// our width, and its landmarks, x1 − 1 + width·share, are ours as they stand. It also cuts boxes to whole pixels; we
/// do not.
public struct MTCNN: FaceDetector {
    /// Least face probability after P-, R- and O-Net, 0…1.
    public var thresholds: (proposal: Double, refinement: Double, output: Double) = (0.6, 0.7, 0.7)
    /// Removes what is no face; see `FacePlausibility`.
    public var plausibility = FacePlausibility()

    let proposal: ProposalNetwork
    let refinement: CropNetwork
    package let output: CropNetwork

    /// - Parameters:
    ///   - pnet: any picture, NHWC with x before y → `conv2d_4` box corrections, `softmax` probabilities.
    ///   - rnet: N crops of 24×24 → `dense_2` box corrections, `softmax_1` probabilities.
    ///   - onet: N crops of 48×48 → `dense_5` box corrections, `dense_6` landmarks, `softmax_2` probabilities.
    public init(pnet: NeuralNetwork, rnet: NeuralNetwork, onet: NeuralNetwork) {
        proposal = ProposalNetwork(network: pnet)
        refinement = CropNetwork(
            network: rnet, input: "input_2", boxes: "dense_2", landmarks: nil, probabilities: "softmax_1", side: 24,
            batch: 64)
        output = CropNetwork(
            network: onet, input: "input_3", boxes: "dense_5", landmarks: "dense_6", probabilities: "softmax_2",
            side: 48, batch: 16)
    }

    /// Opens `pnet.onnx`, `rnet.onnx` and `onet.onnx` in `folder`, in single precision, since half moves the boxes.
    ///
    /// - Throws: `StyleError.modelUnreadable`.
    public init(folder: String, loader: NetworkLoader) throws {
        self.init(
            pnet: try loader.network(file: "\(folder)/pnet.onnx", precision: .float32),
            rnet: try loader.network(file: "\(folder)/rnet.onnx", precision: .float32),
            onet: try loader.network(file: "\(folder)/onet.onnx", precision: .float32))
    }

    /// See `FaceDetector`.
    public func rest() { [output.network, refinement.network, proposal.network].forEach { $0.rest() } }

    /// Faces at least `minimumSize` pixels high and wide, best score first. A box may reach beyond the picture.
    ///
    /// - Parameters:
    ///   - picture: transparent pixels count as mid-gray, NaN as 0, values are limited to 0…1.
    ///   - minimumSize: in pixels; below 12, the side of P-Net's window, it counts as 12. Time grows with (picture side
    ///     / minimum size)², less where nothing looks like a face (`ProposalSearch`).
    /// - Throws: `StyleError.network` when a network fails or answers in another form.
    public func faces(in scene: Scene, minimumSize: Double) throws -> [Face] {
        let window = Double(ProposalNetwork.window)
        let smallest = minimumSize.isFinite ? max(minimumSize, window) : window
        guard smallest <= Double(min(scene.width, scene.height)) else { return [] }
        let ladder = try DetectionLadder(scene)
        let proposed = try proposals(ladder, scale: window / smallest)
        let refined = try refine(proposed, ladder)
        return plausibility.filter(try finish(refined, ladder), minimumSize: smallest)
    }

    /// A box that may hold a face.
    package struct Candidate: Equatable, Sendable {
        package var box: Box
        package var score: Double
        /// Shifts of the left, top, right and bottom edge, in box sides.
        var correction: SIMD4<Double>

        /// The box with its edges shifted by `correction`.
        var corrected: Box {
            let left = box.x + correction.x * box.width, top = box.y + correction.y * box.height
            let right = box.maxX + correction.z * box.width, bottom = box.maxY + correction.w * box.height
            return Box(x: left, y: top, width: right - left, height: bottom - top)
        }
    }

    /// Bounds the work on pictures where noise looks like faces everywhere.
    private static let mostCandidates = 4096

    private func proposals(_ ladder: DetectionLadder, scale: Double) throws -> [Box] {
        let search = ProposalSearch(proposal, ladder, scale: scale, threshold: thresholds.proposal)
        let all = try search.candidates(most: Self.mostCandidates).flatMap { suppress($0, threshold: 0.5) }
        return suppress(Self.best(all, Self.mostCandidates), threshold: 0.7)
            .compactMap { cropBox($0.corrected, ladder) }
    }

    private func refine(_ boxes: [Box], _ ladder: DetectionLadder) throws -> [Box] {
        let answers = try refinement.run(boxes, ladder).filter { $0.candidate.score > thresholds.refinement }
        return suppress(answers.map(\.candidate), threshold: 0.7).compactMap { cropBox($0.corrected, ladder) }
    }

    private func finish(_ boxes: [Box], _ ladder: DetectionLadder) throws -> [Face] {
        let faces = try output.run(boxes, ladder).compactMap { answer -> Face? in
            guard answer.candidate.score > thresholds.output, let landmarks = answer.landmarks else { return nil }
            return Face(box: answer.candidate.corrected, landmarks: landmarks, score: answer.candidate.score)
        }
        // An implausible face must not suppress a plausible one under it.
        return BoxSuppression.keep(
            faces.filter(plausibility.isPlausible), threshold: 0.7, measure: .minimum, box: \.box, merit: \.score)
    }

    private func suppress(_ candidates: [Candidate], threshold: Double) -> [Candidate] {
        BoxSuppression.keep(candidates, threshold: threshold, measure: .union, box: \.box, merit: \.score)
    }

    /// At most `most` of them, the best.
    static func best(_ candidates: [Candidate], _ most: Int) -> [Candidate] {
        guard candidates.count > most else { return candidates }
        let ranked = candidates.sorted { BoxSuppression.precedes(($0.score, $0.box), ($1.score, $1.box)) }
        return Array(ranked.prefix(most))
    }

    /// The square about `box`, as the next network wants it; `nil` when there is nothing of the picture to see in it.
    private func cropBox(_ box: Box, _ ladder: DetectionLadder) -> Box? {
        let side = max(box.width, box.height)
        let square = Box(
            x: box.x + (box.width - side) / 2, y: box.y + (box.height - side) / 2, width: side, height: side)
        guard square.x.isFinite, square.y.isFinite, side >= 4, side <= 4 * Double(max(ladder.width, ladder.height))
        else { return nil }
        let whole = Box(x: 0, y: 0, width: Double(ladder.width), height: Double(ladder.height))
        return whole.intersection(square) > 0 ? square : nil
    }
}

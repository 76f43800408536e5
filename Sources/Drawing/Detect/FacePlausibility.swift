import Models
import Raster

/// Tells faces from what a detector mistakes for one, by where the landmarks lie to each other, at any in-plane
/// rotation.
///
/// Distances are measured along the face's own axes: *across* from the left to the right eye, *down* from the middle of
/// the eyes to the middle of the mouth. The bounds leave room for a head turned about 60° to the side and for an open
/// mouth.
public struct FacePlausibility: Sendable {
    /// Distance between the eyes over that from eyes to mouth; 0.96 in the FFHQ mean face.
    public var eyeRatio: ClosedRange<Double> = 0.30...1.9
    /// Width of the mouth over the distance from eyes to mouth; 0.85 in the FFHQ mean face.
    public var mouthRatio: ClosedRange<Double> = 0.20...1.7
    /// Where the nose lies between eyes (0) and mouth (1); 0.56 in the FFHQ mean face.
    public var noseHeight: ClosedRange<Double> = 0.12...0.95
    /// How far the nose lies from the middle line, over the distance from eyes to mouth.
    public var noseOffset = 0.75
    /// How far the mouth may lie to the side of the eyes: sine of the angle between *down* and the normal of *across*.
    public var slant = 0.55
    /// Distance from eyes to mouth over the longer side of the box; about 0.36 in a detected frontal face.
    public var boxShare: ClosedRange<Double> = 0.15...0.75
    /// Landmarks may lie outside the box by this share of its longer side.
    public var boxMargin = 0.25
    /// Largest residual of the similarity to the mean face, in inter-ocular distances.
    public var residual = 0.35
    /// A face that the detector is less sure of than `doubtful` is none when the mesh network is surer than 1 −
    /// `absent` that there is none. Either alone errs: the network for meshes on heads seen from the side, the detector
    /// on patterns.
    public var doubtful = 0.9
    /// How sure the mesh network may be that there is none: 1 − this.
    public var absent = 0.1
    /// A face with more than this share of the smaller box in common with a better one is taken for a part of it.
    public var sharedArea = 0.6

    /// The usual bounds.
    public init() {}

    /// Whether one face's box, score and landmarks can be those of a face.
    public func isPlausible(_ face: Face) -> Bool {
        let box = face.box, side = max(box.width, box.height)
        let numbers =
            face.landmarks.points.flatMap { [$0.x, $0.y] } + [box.x, box.y, box.width, box.height, face.score]
        guard numbers.allSatisfy(\.isFinite), box.width > 0, box.height > 0 else { return false }
        return hasPlausibleShape(face.landmarks)
            && boxShare.contains((middleOfMouth(face.landmarks) - middleOfEyes(face.landmarks)).length / side)
            && face.landmarks.points.allSatisfy { liesNear(box, $0, margin: boxMargin * side) }
    }

    /// - Parameter presence: how sure the mesh network is that there is a face, 0…1.
    func isPlausible(_ face: Face, presence: Double) -> Bool { face.score >= doubtful || presence >= absent }

    /// The plausible faces of at least `minimumSize` pixels in width and height, without faces that are part of a
    /// better one, best score first. The result does not depend on the order of `faces`.
    public func filter(_ faces: [Face], minimumSize: Double) -> [Face] {
        let plausible = faces.filter { isPlausible($0) && min($0.box.width, $0.box.height) >= minimumSize }
        // An eye or a pattern taken for a face lies inside a larger one and may score as high, so size counts too.
        let kept = BoxSuppression.keep(
            plausible, threshold: sharedArea, measure: .minimum, box: \.box,
            merit: { $0.score * Double(power(Float($0.box.area), 0.1)) })
        return kept.sorted { BoxSuppression.precedes(($0.score, $0.box), ($1.score, $1.box)) }
    }

    private func hasPlausibleShape(_ marks: Landmarks) -> Bool {
        let across = marks.rightEye - marks.leftEye, eyes = middleOfEyes(marks)
        let down = middleOfMouth(marks) - eyes
        let (eyeDistance, length) = (across.length, down.length)
        guard eyeDistance > 0, length > 0 else { return false }
        // A quarter turn clockwise on screen takes "across" to "down"; in a mirror image it would take it to "up".
        let uprightness = cross(across, down) / (eyeDistance * length)
        let sideways = dot(across, down) / (eyeDistance * length)
        guard uprightness > 0, abs(sideways) <= slant else { return false }
        let mouth = marks.rightMouth - marks.leftMouth
        guard eyeRatio.contains(eyeDistance / length), mouthRatio.contains(mouth.length / length),
            dot(mouth, across) > 0
        else { return false }
        let nose = marks.nose - eyes
        guard noseHeight.contains(dot(nose, down) / (length * length)),
            abs(cross(nose, down)) / (length * length) <= noseOffset
        else { return false }
        guard let fit = SimilarityTransform.estimate(from: marks, to: FaceTemplate.ffhq512.landmarks) else {
            return false
        }
        return fit.residual <= residual
    }

    private func middleOfEyes(_ marks: Landmarks) -> Point { (marks.leftEye + marks.rightEye) * 0.5 }
    private func middleOfMouth(_ marks: Landmarks) -> Point { (marks.leftMouth + marks.rightMouth) * 0.5 }
    private func cross(_ a: Point, _ b: Point) -> Double { a.x * b.y - a.y * b.x }

    private func liesNear(_ box: Box, _ point: Point, margin: Double) -> Bool {
        point.x >= box.x - margin && point.x <= box.maxX + margin && point.y >= box.y - margin
            && point.y <= box.maxY + margin
    }
}

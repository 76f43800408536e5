import Models
import Raster

/// One face in the pose that styles draw it in, so that photographs of any size are measured at the same scale.
struct FaceSquare {
    /// Side of the square that colours and lines are measured in, in pixels.
    static let side = 512

    private let template: FaceTemplate
    /// The face's landmarks in the square.
    let landmarks: Landmarks
    /// From the square's coordinates to the photograph's.
    let toPhotograph: SimilarityTransform

    /// - Parameters:
    ///   - landmarks: in the photograph.
    ///   - template: the pose, and with it the square's side.
    /// - Returns: `nil` when the landmarks are no face.
    init?(_ landmarks: Landmarks, template: FaceTemplate) {
        guard let fit = SimilarityTransform.estimate(from: landmarks, to: template.landmarks),
            let back = fit.transform.inverse
        else { return nil }
        self.template = template
        self.landmarks = landmarks.map(fit.transform.apply)
        toPhotograph = back
    }

    /// The square that colours and lines are measured in: the head with its hair.
    ///
    /// - Parameter templateScale: of the face template, as in a model's manifest.
    init?(_ landmarks: Landmarks, templateScale: Double) {
        self.init(landmarks, template: .ffhq512.scaled(toSize: Double(Self.side), about: templateScale))
    }

    /// What `picture`, of the photograph's size, shows in the square.
    func cut(from picture: Pyramid) -> Bitmap {
        let side = Int(template.size)
        return picture.warped(width: side, height: side, by: toPhotograph, boundary: .mirror)
    }
}

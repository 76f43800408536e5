import XCTest

/// A layer that is mixed with what is below it by its opacity or mode is drawn such that its drawing is mixed alike.
final class BlendingTests: XCTestCase {
    /// A picture of two colours under a photograph of 60 % in the mode given, drawn as the output says; `seen` is what
    /// the image shows then, `hidden` whether the photograph is hidden.
    private func scheme(_ outputs: String) -> String {
        """
        (define (blended output mode)
          (let* ((image (portrait)) (layer (photo-layer image))
                 (ground (car (gimp-layer-new image 160 160 RGB-IMAGE "ground" 100 LAYER-MODE-NORMAL))))
            (gimp-image-insert-layer image ground 0 1)
            (gimp-context-set-foreground '(40 160 90))
            (gimp-drawable-fill ground FILL-FOREGROUND)
            (gimp-layer-set-opacity layer 60)
            (gimp-layer-set-mode layer mode)
            (draw-as output image layer 70 0)
            (if (< output 3) (say "hidden" output mode (- 1 (car (gimp-item-get-visible layer)))))
            image))
        (define (seen image) (car (gimp-layer-new-from-visible image image "seen")))
        (define (compare a output mode)
          (let* ((b (blended output mode)) (drawn (car (gimp-image-get-active-layer b))))
            (say (string-append "look-" (number->string output)) (car (gimp-layer-get-opacity drawn))
              (- mode (car (gimp-layer-get-mode drawn))))
            (let ((shown (seen b)))
              (gimp-image-insert-layer b shown 0 0)
              (let* ((other (car (gimp-layer-new-from-drawable (seen a) b))))
                (gimp-image-insert-layer b other 0 0)
                (say (string-append "differing-" (number->string output)) (differing b shown other 0.017))))))
        (for-each
          (lambda (mode)
            (let ((replaced (blended 3 mode)))
              (for-each (lambda (output) (compare replaced output mode)) \(outputs))))
          (list LAYER-MODE-NORMAL LAYER-MODE-MULTIPLY))
        """
    }

    /// As "replace" leaves it: the same opacity and mode, and the same picture.
    func testAllOutputsLookAsTheReplacedLayerDoes() throws {
        let output = try GimpSession.shared.get().run(scheme("'(0 1 2)").replacingOccurrences(of: "\n", with: " "))
        for number in 0...2 {
            XCTAssertEqual(said("look-\(number)", output), [[60, 0], [60, 0]], output.text)
            let counts = said("differing-\(number)", output).flatMap { $0 }
            XCTAssertEqual(counts.count, 2, output.text)
            for count in counts { XCTAssertLessThan(count, 160 * 160 / 100, "\(number)") }
        }
        XCTAssertEqual(said("hidden", output).map(\.last), Array(repeating: 1, count: 6))
    }

    /// The numbers of each line of that name.
    private func said(_ name: String, _ output: GimpOutput) -> [[Double]] {
        output.text.split(separator: "\n").compactMap { line in
            line.range(of: "@\(name) ").map { line[$0.upperBound...].split(separator: " ").compactMap { Double($0) } }
        }
    }

    func testAPlainLayerStaysVisible() throws {
        let output = try GimpSession.shared.get().run(
            """
            (let* ((image (portrait)) (layer (photo-layer image)))
              (draw image layer 100 1)
              (say "visible" (car (gimp-item-get-visible layer))))
            """)
        XCTAssertSaid(output, "visible", [1])
    }
}

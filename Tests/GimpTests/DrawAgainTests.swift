import XCTest

/// “Repeat” on a drawing of this filter draws its photograph again.
final class DrawAgainTests: XCTestCase {
    /// A call as “Repeat” makes it.
    private let again = """
        (define (again image layer)
          (car (plug-in-anime-style RUN-WITH-LAST-VALS image layer "cel" 100 1 0 100 0 0 0 0 80 70)))
        (define (place image item) (car (gimp-image-get-item-position image item)))
        """

    func testTheDrawingIsTakenForItsPhotograph() throws {
        let output = try GimpSession.shared.get().run(
            """
            \(again)
            (let* ((image (portrait)) (layer (photo-layer image)) (first (again image layer)))
              (let ((second (again image first)))
                (say "layers" (car (gimp-image-get-layers image)) (place image second) (place image first)
                     (place image layer))
                (say "visible" (car (gimp-item-get-visible second)) (car (gimp-item-get-visible first))
                     (car (gimp-item-get-visible layer)))
                (say "same" (differing image first second 0.01))))
            """)
        XCTAssertSaid(output, "layers", [3, 0, 1, 2])
        XCTAssertSaid(output, "visible", [1, 0, 1])
        XCTAssertSaid(output, "same", [0])
    }

    func testALayerOfAGroupStandsForTheGroup() throws {
        let output = try GimpSession.shared.get().run(
            """
            \(again)
            (let* ((image (portrait)) (layer (photo-layer image)) (group (draw-as 2 image layer 100 1))
                   (lines (vector-ref (cadr (gimp-item-get-children group)) 0)) (second (again image lines)))
              (say "layers" (car (gimp-image-get-layers image)) (place image second) (place image group))
              (say "visible" (car (gimp-item-get-visible group)))
              (gimp-image-remove-layer image group)
              (say "same" (differing image (again image layer) second 0.01)))
            """)
        XCTAssertSaid(output, "layers", [3, 0, 1])
        XCTAssertSaid(output, "visible", [0])
        XCTAssertSaid(output, "same", [0])
    }

    /// Saved and opened again, a drawing still knows its photograph; without it, the drawing itself is drawn. A script
    /// gets what it asks for.
    func testWhatIsKeptAndWhatIsNot() throws {
        let file = try GimpSession.shared.get().folder.appendingPathComponent("again.xcf").path
        let output = try GimpSession.shared.get().run(
            """
            \(again)
            (let* ((image (portrait)) (layer (photo-layer image)) (first (again image layer)))
              (gimp-file-save RUN-NONINTERACTIVE image first "\(file)" "\(file)"))
            (let* ((image (car (gimp-file-load RUN-NONINTERACTIVE "\(file)" "\(file)")))
                   (first (vector-ref (cadr (gimp-image-get-layers image)) 0)))
              (again image first)
              (say "opened" (car (gimp-item-get-visible first)))
              (gimp-item-set-visible first TRUE)
              (draw image first 100 1)
              (say "script" (car (gimp-item-get-visible first)) (place image first))
              (gimp-image-remove-layer image (photo-layer image))
              (again image first)
              (say "alone" (car (gimp-item-get-visible first))))
            """)
        XCTAssertSaid(output, "opened", [0])
        XCTAssertSaid(output, "script", [1, 2])
        XCTAssertSaid(output, "alone", [1])
    }
}
